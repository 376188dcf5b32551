import type { AppOnStore } from './app-on-store.ts'

/** The pages of a list, each asked for with the cursor of the one before. */
export async function* pagesOf<Row>(on: AppOnStore, url: string) {
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof on.get<Row[]>>> = await on.get<Row[]>(
      `${url}${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    yield page
    cursor = (page.meta as { next_cursor?: string }).next_cursor ?? null
  }
}
