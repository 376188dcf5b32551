export const FORMATS = ['md', 'html', 'text', 'openapi', 'smithy'] as const
export type Format = (typeof FORMATS)[number]

/** What a text is, by what stands at its beginning; Markdown and plain text are read alike. */
export function formatOf(text: string): Format {
  // A comment at the top says nothing of what follows it.
  const head = text
    .slice(0, 8000)
    .replace(/^(?:\s*<!--(?:(?!-->)[\s\S]){0,2000}-->){1,5}/, '')
    .slice(0, 4000)
  if (/^\s*[{[]/.test(head)) {
    const start = text.slice(0, 200_000)
    if (/"smithy"\s*:\s*"/.test(start) || /"smithy\.api#/.test(start)) return 'smithy'
    if (/"(?:openapi|swagger)"\s*:\s*"/.test(start) || /"(?:openapi|swagger)"\s*:\s*"/.test(text))
      return 'openapi'
    return 'text'
  }
  if (isYamlDescription(head)) return 'openapi'
  if (
    /^\s*(?:<!doctype|<html|<\?xml|<head|<body|<!--|<(?:main|div|section|article|table|h[1-6]|p|dl|ul|ol|nav|header)\b)/i.test(
      head,
    )
  )
    return 'html'
  const tags = head.match(/<\/(?:td|tr|p|div|li|h\d|dd)>/gi)?.length ?? 0
  return tags > 8 && !/^#{1,6} /m.test(head) ? 'html' : 'md'
}

/** `openapi: 3.0.3` as a key of the document, after comments and other keys. */
function isYamlDescription(head: string): boolean {
  const lines = head.split('\n', 60)
  const at = lines.findIndex((line) => /^["']?(?:openapi|swagger)["']?\s{0,3}:\s{0,3}["']?\d/.test(line))
  return at !== -1 && lines.slice(0, at).every((line) => /^(?:---|#|\s|[\w-]+:|$)/.test(line))
}
