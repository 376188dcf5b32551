import { isAboutErrors, isForeignTopic } from './header-words.ts'
import type { Surroundings } from './read-table.ts'
import { statusesIn, statusesOfCell } from './status-text.ts'

interface Section {
  level: number
  title: string
  http: number[]
}

/** What stands above and before the block that is read: headings and the paragraph that leads to it. */
export interface Sections {
  enter: (level: number, title: string) => void
  /** A code's heading ends the sections beside it, and is none itself. */
  leave: (level: number) => void
  /** A paragraph that may introduce what follows. */
  introduce: (text: string) => void
  around: () => Surroundings
  /** The statuses of the heading above. */
  http: () => readonly number[]
  /** May a code stand here without a status of its own? */
  hint: () => boolean
}

const NO_ERRORS = /\b(?:not|no|never|aren['’]t|isn['’]t) (?:an? )?errors?\b(?! codes?)/i

export function trackSections(): Sections {
  const sections: Section[] = []
  let intro = ''
  let introStatus: number[] = []

  const near = () => sections.at(-1)
  const isForeign = () => isForeignTopic(near()?.title ?? '') || NO_ERRORS.test(intro)
  const leave = (level: number) => {
    while (sections.length > 0 && (sections.at(-1) as Section).level >= level) sections.pop()
    intro = ''
    introStatus = []
  }
  const http = () => near()?.http ?? []
  return {
    leave,
    http,
    enter(level, title) {
      leave(level)
      const failing = statusesOfCell(title).exact.filter((status) => status >= 400)
      sections.push({ level, title, http: failing.length === 1 ? failing : [] })
    },
    introduce(text) {
      intro = text
      const named = statusesIn(text).exact.filter((status) => status >= 400)
      if (named.length > 0) introStatus = named.length === 1 ? named : []
    },
    around: () => ({
      path: sections.map(({ title }) => title),
      intro,
      http: http().length > 0 ? http() : introStatus,
      foreign: isForeign(),
    }),
    hint: () => !isForeign() && (sections.some(({ title }) => isAboutErrors(title)) || isAboutErrors(intro)),
  }
}
