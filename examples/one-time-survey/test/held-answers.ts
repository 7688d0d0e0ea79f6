import type { Answer, Answers } from '../src/answers'

/** Answers that are saved when they may be, and never where that fails. */
export interface HeldAnswers extends Answers {
  /** The next one to be saved waits. @returns when it does, and what lets it go on */
  hold(): { readonly arrived: Promise<void>; release(): void }
  /** The next one is not saved. */
  fail(): void
}

export function heldAnswers(answers: Answers): HeldAnswers {
  let before = async (): Promise<void> => undefined
  const next = (step: () => Promise<void>): void => {
    before = async () => {
      before = async () => undefined
      await step()
    }
  }
  return {
    list: () => answers.list(),
    async save(link: string, given: Answer) {
      await before()
      await answers.save(link, given)
    },
    hold() {
      const arrived = gate()
      const released = gate()
      next(() => {
        arrived.open()
        return released.passed
      })
      return { arrived: arrived.passed, release: released.open }
    },
    fail: () => next(() => Promise.reject(new Error('the database said no'))),
  }
}

function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}
