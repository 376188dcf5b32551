export const FORMATS = ['md', 'html', 'text', 'openapi', 'smithy'] as const
export type Format = (typeof FORMATS)[number]

/** What a text is, by what stands at its beginning; Markdown and plain text are read alike. */
export function formatOf(text: string): Format {
  const head = text.slice(0, 4000)
  if (/^\s*[{[]/.test(head)) {
    const start = text.slice(0, 200_000)
    if (/"smithy"\s*:\s*"/.test(start) || /"smithy\.api#/.test(start)) return 'smithy'
    if (/"(?:openapi|swagger)"\s*:\s*"/.test(start) || /"(?:openapi|swagger)"\s*:\s*"/.test(text))
      return 'openapi'
    return 'text'
  }
  if (
    /^(?:---\s*\n)?(?:#.*\n|\s*\n|[\w-]+:.*\n|\s+.*\n){0,60}?["']?(?:openapi|swagger)["']?\s*:\s*["']?\d/.test(
      head,
    )
  )
    return 'openapi'
  if (
    /^\s*(?:<!doctype|<html|<\?xml|<head|<body|<!--|<(?:main|div|section|article|table|h1|p|dl|ul)\b)/i.test(
      head,
    )
  )
    return 'html'
  const tags = head.match(/<\/(?:td|tr|p|div|li|h\d|dd)>/gi)?.length ?? 0
  return tags > 8 && !/^#{1,6} /m.test(head) ? 'html' : 'md'
}
