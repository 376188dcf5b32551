/** Why a journal cannot be used as it is. The message says where, and what a person can do about it. */
export class JournalProblem extends Error {
  readonly code: 'in_use' | 'damaged' | 'incomplete'

  constructor(code: JournalProblem['code'], message: string) {
    super(message)
    this.name = 'JournalProblem'
    this.code = code
  }
}

/** The code of a failed system call, like ENOENT. */
export const codeOf = (thrown: unknown): string | undefined => (thrown as NodeJS.ErrnoException | null)?.code
