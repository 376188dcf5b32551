/** An answer holds ten times as long as it took: however many ask the same, it costs a tenth of a core … */
const HOLDS = 10
/** … and is never so old that it shows. */
const LONGEST_MS = 500
/** Different questions remembered at once; further ones are asked each time. */
const MOST = 256

/**
 * Many people look at the same page, and dashboards ask the same again and again: one question to the store answers all
 * who ask it meanwhile, and shortly after.
 */
export function sharedAnswers<T>(): (question: string, ask: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, { answer: Promise<T>; until: number }>()
  return (question, ask) => {
    const now = performance.now()
    const found = answers.get(question)
    if (found !== undefined && now < found.until) return found.answer
    for (const [old, { until }] of answers) if (now >= until) answers.delete(old)
    const answer = ask()
    if (answers.size >= MOST) return answer
    const entry = { answer, until: Number.POSITIVE_INFINITY }
    answers.set(question, entry)
    answer.then(
      () => {
        const took = performance.now() - now
        entry.until = performance.now() + Math.min(LONGEST_MS, HOLDS * took)
      },
      () => answers.delete(question),
    )
    return answer
  }
}
