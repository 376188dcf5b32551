/** The two forms of an OTLP message, in requests and in their answers. */
export type Encoding = 'protobuf' | 'json'

export const MEDIA_TYPES: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** Parameters such as a charset change nothing: both forms are what they are. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  if (contentType === undefined) return undefined
  const end = contentType.indexOf(';')
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
  if (type === MEDIA_TYPES.protobuf) return 'protobuf'
  return type === MEDIA_TYPES.json ? 'json' : undefined
}

export type Compression = 'gzip' | 'none'

/** OTLP asks for gzip; other codings, or several one over the other, are undefined. */
export function compressionOf(contentEncoding: string | undefined): Compression | undefined {
  const coding = contentEncoding?.trim().toLowerCase() ?? ''
  if (coding === '' || coding === 'identity') return 'none'
  return coding === 'gzip' ? 'gzip' : undefined
}
