import { isScope, type Scope } from '../outline/outline.ts'
import type { Said, Statement } from '../statement.ts'
import { isStrong } from '../words/code-shape.ts'
import { headOf } from '../words/head.ts'
import { retryOfText } from '../words/retry-words.ts'
import { sentencesOf, tokensOf } from '../words/sentences.ts'
import { statusesIn } from '../words/status-text.ts'

// "Don't resend any of these unchanged.": what a section says of retrying holds for every code in it.

/** A sentence about all of them, wherever it stands. */
const ALL =
  /\b(?:these|those|all|any|every|each|none|following|below|such|this (?:section|group|class|kind|type|family))\b/i

export function scopeAdvice(scope: Scope, codes: readonly string[]): Statement[] {
  if (codes.length === 0) return []
  const { exact, hundreds } = statusesIn(scope.head.text)
  const governs = exact.length > 0 || hundreds.length > 0 || isOneOfSeveral(scope, codes)
  const about = new Set([...exact, ...hundreds])
  const found: { said: Said; line: number; action: string }[] = []
  if (scope.kind === 'heading') {
    const words = retryOfText(scope.head.text)
    if (words?.explicit && governs) found.push({ said: words.said, line: scope.line, action: '' })
  }
  for (const part of scope.parts) {
    if (isScope(part) || part.kind !== 'paragraph') continue
    const sentences = sentencesOf(part.inline.text)
    for (const [at, sentence] of sentences.entries()) {
      const words = retryOfText(sentence)
      // "They answer with `BUSY`. Repeat the call.": of that one.
      if (at > 0 && !ALL.test(sentence) && tokensOf(sentences[at - 1]).some(({ token }) => isStrong(token)))
        continue
      if (!words?.explicit || (!governs && !ALL.test(sentence)) || isLegend(sentence)) continue
      const named = statusesIn(sentence)
      if ([...named.exact, ...named.hundreds].some((status) => !about.has(status))) continue
      if (
        (words.said !== 'never' && CONDITION.test(sentence)) ||
        codes.some((code) => sentence.includes(code))
      )
        continue
      found.push({ said: words.said, line: part.line, action: sentence })
    }
  }
  // A section that says yes and no says neither of all.
  if (new Set(found.map(({ said }) => said === 'never')).size !== 1) return []
  const [{ said, line, action }] = found
  return [{ about: 'retry', line, codes: [...codes], retry: { said, basis: 'scope' }, action }]
}

/** "🔁 retry · ⛔ do not retry" says neither of all. */
const isLegend = (sentence: string): boolean =>
  new Set(sentence.split(/[·•|;]/).flatMap((part) => retryOfText(part)?.said ?? [])).size > 1

const CONDITION = /\b(?:if|when(?:ever)?|where(?:ver)?|unless|some|most|certain|in case)\b/i

/** A group among groups: not the page as a whole. */
const isOneOfSeveral = ({ kind, parent, head }: Scope, codes: readonly string[]): boolean =>
  kind === 'heading' &&
  parent !== null &&
  parent.parts.filter((part) => isScope(part) && part.kind === 'heading').length > 1 &&
  headOf(head).codes.every((code) => !codes.includes(code))
