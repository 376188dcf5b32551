import { tokenKept } from './token.js'

/** { data } or { error: { code, message } }; never throws. */
export async function ask(path) {
  try {
    const token = tokenKept()
    const response = await fetch(path, {
      headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(15_000),
    })
    const { data, error } = await response.json()
    return { data, error }
  } catch {
    return {
      data: null,
      error: {
        code: 'unreachable',
        message: 'Telltale does not answer. Is it still running? This page keeps trying.',
      },
    }
  }
}
