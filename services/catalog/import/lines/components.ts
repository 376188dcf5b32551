import { type Block, COMPONENT_HEADING } from '../page.ts'
import { inlineOf } from '../words/inline-text.ts'
import { isLabelName } from '../words/labels.ts'
import type { FoundBlocks } from './line-examples.ts'

// Components of documentation sites between the lines of Markdown: <Accordion title="…">, <ResponseField name="…">,
// <details><summary>, {% tab title="…" %}, :::note.

const JSX =
  /^\s*<([A-Z][\w.]*)((?:\s+[\w:-]+(?:=(?:"[^"]{0,300}"|'[^']{0,300}'|\{[^{}]{0,300}\}))?){0,20})\s*(\/?)>(.*)$/
const SUMMARY = /^\s*(?:<details[^<>]{0,100}>\s*)?<summary[^<>]{0,100}>(.{1,300}?)<\/summary>(.*)$/i
const LIQUID = /^\s*\{%\s*\w+\s.*?title="([^"]{1,200})".*?%\}\s*$/
const CLOSING = /^\s*(?:<\/[A-Za-z][\w.]*>\s*|<>\s*|<\/>\s*|\{%\s*end\w+\s*%\}\s*|<details[^<>]{0,100}>\s*)+$/
const MODULE = /^(?:import|export)\s.{0,300}(?:from\s+['"]|=\s|\{$)/
const TITLES = ['title', 'name', 'label', 'header', 'summary', 'heading', 'code', 'body', 'value', 'path']

const attributesOf = (source: string): Map<string, string> =>
  new Map(
    [...source.matchAll(/([\w:-]+)=(?:"([^"]*)"|'([^']*)'|\{["'`]?([^{}"'`]*)["'`]?\})/g)].map(
      ([, name, double, single, braces]) => [name.toLowerCase(), double ?? single ?? braces ?? ''],
    ),
  )

/** The heading that a component is, and what stands behind it on the line. */
export function componentAt(lines: readonly string[], at: number): FoundBlocks | null {
  const line = lines[at]
  if (line.length > 2000) return null
  if (CLOSING.test(line) || (MODULE.test(line) && !/[.!?]$/.test(line))) return { blocks: [], next: at + 1 }
  const summary = SUMMARY.exec(line)
  if (summary) return headed(at, summary[1], summary[2])
  const liquid = LIQUID.exec(line)
  if (liquid) return headed(at, liquid[1], '')
  const jsx = JSX.exec(line)
  if (!jsx) return null
  const attributes = attributesOf(jsx[2])
  const title = TITLES.map((name) => attributes.get(name)).find(
    (value) => value !== undefined && value !== '',
  )
  const isOfPath = title !== undefined && title === attributes.get('path') && !isLabelName(title)
  if (title === undefined || isOfPath) return jsx[4].trim() === '' ? { blocks: [], next: at + 1 } : null
  const type = attributes.get('status') ?? attributes.get('http') ?? attributes.get('type') ?? ''
  const status = /^(?:http\s*)?[45]\d\d\b/i.test(type)
  // A field of another type is a field.
  const isField = /field|param|property/i.test(jsx[1]) && type !== '' && !status
  const rest = jsx[4].replace(/<\/[A-Z][\w.]*>\s*$/, '')
  if (isField)
    return { blocks: rest.trim() === '' ? [] : [paragraph(at, `${title} (field): ${rest}`)], next: at + 1 }
  if (rest.trim() !== '' && isLabelName(title))
    return { blocks: [paragraph(at, `${title}: ${rest}`)], next: at + 1 }
  return headed(
    at,
    status ? `${title} (${type})` : title,
    rest,
    /tab/i.test(jsx[1]) ? COMPONENT_HEADING - 1 : undefined,
  )
}

const paragraph = (at: number, text: string): Block => ({
  kind: 'paragraph',
  line: at + 1,
  inline: inlineOf(text),
})

const headed = (at: number, title: string, rest: string, level = COMPONENT_HEADING): FoundBlocks => ({
  blocks: [
    { kind: 'heading', line: at + 1, level, inline: inlineOf(title) },
    ...(rest.trim() === '' ? [] : [paragraph(at, rest)]),
  ],
  next: at + 1,
})
