export const MAX_LAYER_ID_LENGTH = 64;

/** Why a text cannot be an id or a code of The Layer, as the end of a sentence; null when it can. */
export function layerIdFault(layerId: string): string | null {
  if (layerId === '') return 'is empty';
  if (lengthOf(layerId) > MAX_LAYER_ID_LENGTH) return `is longer than ${MAX_LAYER_ID_LENGTH} characters`;
  // MySQL ignores trailing blanks when it compares, so two such ids could not be told apart
  return layerId.trim() === layerId ? null : 'begins or ends with a blank';
}

/** In characters, as the columns count them, not in UTF-16 units. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
