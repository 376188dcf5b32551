import { type Block, GUESSED_HEADING } from '../page.ts'
import { tableInExample } from '../tables/json-table.ts'
import { indentOf } from '../tables/table-lines.ts'
import { inlineOf } from '../words/inline-text.ts'

// Examples between lines: fenced, under a directive, or with nothing but their brackets.

export interface FoundBlocks {
  blocks: Block[]
  /** The first line after them. */
  next: number
}

export const FENCE = /^\s*(`{3,}|~{3,})/
const DIRECTIVE = /^(\s*)(?:\.\. (?:code-block|code|sourcecode|parsed-literal|highlight)::|::\s*$)/
/** An example without its fence ends where its brackets close, or here. */
export const LONGEST_EXAMPLE = 400

export function fencedExample(lines: readonly string[], at: number): FoundBlocks | null {
  const fence = FENCE.exec(lines[at])
  if (!fence) return null
  let next = at + 1
  while (next < lines.length && !lines[next].trimStart().startsWith(fence[1])) next++
  const text = lines.slice(at + 1, next).join('\n')
  return { blocks: [tableInExample(text, at + 1) ?? { kind: 'example', line: at + 1, text }], next: next + 1 }
}

/** `.. code-block:: json` of reStructuredText: what is indented below it. */
export function directiveExample(lines: readonly string[], at: number): FoundBlocks | null {
  const directive = DIRECTIVE.exec(lines[at])
  if (!directive) return null
  let next = at + 1
  while (next < lines.length && (lines[next].trim() === '' || indentOf(lines[next]) > directive[1].length))
    next++
  return { blocks: [{ kind: 'example', line: at + 1, text: lines.slice(at + 1, next).join('\n') }], next }
}

/** `tooFar`: the bracket does not close; no line it holds needs to be tried. */
export function bareExample(lines: readonly string[], at: number): FoundBlocks | 'tooFar' | null {
  if (!/^\s{0,40}[{[]\s*("|$|\{)/.test(lines[at])) return null
  const next = exampleEnd(lines, at)
  if (next === null) return 'tooFar'
  const blocks: Block[] = [{ kind: 'example', line: at + 1, text: lines.slice(at, next).join('\n') }]
  // Copied pages run the next heading into the last bracket.
  const after = /[}\]]\s*([^{}[\]"]{3,80})$/.exec(lines[next - 1])?.[1].trim()
  if (after) blocks.push({ kind: 'heading', line: next, level: GUESSED_HEADING, inline: inlineOf(after) })
  return { blocks, next }
}

const PROGRAM =
  /^\s{0,8}(?:(?:export|public|pub|internal|sealed|abstract|static|default|declare)\s+){0,4}(?:enum|class|const|object|type|interface|struct)\b[^.]{0,120}[{(:]\s*$/

/** An enum or a class that lost its fence, until its bracket closes, or what is indented below it ends. */
export function programExample(lines: readonly string[], at: number): FoundBlocks | null {
  if (lines[at].length > 200 || !PROGRAM.test(lines[at])) return null
  let next = at + 1
  if (/:\s*$/.test(lines[at])) {
    while (next < lines.length && (lines[next].trim() === '' || indentOf(lines[next]) > indentOf(lines[at])))
      next++
  } else next = exampleEnd(lines, at) ?? next
  if (next <= at + 2) return null
  return { blocks: [{ kind: 'example', line: at + 1, text: lines.slice(at + 1, next).join('\n') }], next }
}

/** The line after the one in which the bracket closes, or null if it does not. */
function exampleEnd(lines: readonly string[], at: number): number | null {
  let depth = 0
  for (let line = at; line < Math.min(lines.length, at + LONGEST_EXAMPLE); line++) {
    for (const character of lines[line]) {
      if (character === '{' || character === '[' || character === '(') depth++
      else if (character === '}' || character === ']' || character === ')') depth--
    }
    if (depth <= 0) return line + 1
  }
  return null
}
