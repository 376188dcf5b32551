/**
 * Parameters of an address, decoded; a list where a name is repeated. What is no valid escape becomes null, which no
 * schema takes, so that it is refused by the name of its parameter and not taken literally.
 */
export function parseQueryString(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null)
  for (const part of text.split('&')) {
    if (part === '') continue
    const [, written, value = ''] = /^([^=]*)=?(.*)$/s.exec(part)!
    const name = decoded(written!) ?? written!
    query[name] = name in query ? [query[name], decoded(value)].flat() : decoded(value)
  }
  return query
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
