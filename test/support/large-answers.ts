/** Three fields, as often as a document may repeat fields. */
const REPEATED = ['sageReference', 'layerId', 'id'].flatMap((field) =>
  Array.from({ length: 80 }, (_, index) => `${field}${index}: ${field}`),
);

/** Follows pushes with answers of some kilobytes, so that the network's buffers fill up soon. */
export const LARGE_ANSWERS = `subscription ($since: String) { pushChanged(since: $since) { cursor push { ${REPEATED.join(' ')} } } }`;
