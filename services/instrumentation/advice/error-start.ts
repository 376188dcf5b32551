const MOST_BYTES = 8192
/** Who sends an error's head and then nothing is judged by the head. */
const LONGEST_MS = 1000

/** The beginning of a response's body, which the application can still read as if nobody had. */
export async function errorStart(response: Response): Promise<Uint8Array | null> {
  const reader = response.body === null ? null : response.clone().body!.getReader()
  if (reader === null) return null
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    void reader.cancel().catch(() => {})
  }, LONGEST_MS)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    while (length < MOST_BYTES && !isOver) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value)
      length += value.length
    }
  } catch {
    // It broke off: what came says enough, or nothing does.
  } finally {
    clearTimeout(timer)
    // Not awaited: it ends with the application's half.
    void reader.cancel().catch(() => {})
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES)
}
