// What the front ends "sizes" and "receptive" share: a stack of layers on one axis.

const STACK = { layers: 10, kernel: 64, size: 9999 };

function stackControls(state, { fresh, fields, least }) {
  const { layers } = state;
  const put = (n, change) => ({ layers: layers.map((layer, m) => (m === n ? { ...layer, ...change } : layer)) });
  // A skip counts layers: those after a removed one move up, and one from the removed layer goes.
  const without = (n) => layers.filter((_, m) => m !== n).map((layer) => ("skip" in layer && layer.skip !== null && layer.skip > n ? { ...layer, skip: layer.skip === n + 1 ? null : layer.skip - 1 } : layer));
  return [
    ...layers.map((layer, n) => ({ label: `layer ${n + 1}`, row: true, fields: [
      ...fields(layer, n, (change) => put(n, change)),
      ...(layers.length > least ? [{ id: `remove ${n}`, label: "remove", name: `remove layer ${n + 1}`, type: "button", value: false, change: () => ({ layers: without(n), step: 0 }) }] : []),
    ] })),
    ...(layers.length < STACK.layers ? [{ label: "stack", fields: [{ id: "add", label: "add a layer", type: "button", value: false, change: () => ({ layers: [...layers, fresh] }) }] }] : []),
  ];
}
