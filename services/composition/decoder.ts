import type { Config } from '../config.ts'
import { attributeTable } from '../consumer/decode/attributes.ts'
import { createDecoder } from '../consumer/decode/decoder.ts'
import { maxAgeMs } from '../consumer/decode/max-age.ts'

/** A decoder keeps what it has seen between calls: each consumer has its own. */
export const decoderFor = ({ attributes, limits, retention }: Config) =>
  createDecoder({
    attributes: attributeTable(attributes),
    attributesPerSpan: limits.attributesPerSpan,
    maxAgeMs: maxAgeMs(retention.errors),
  })
