// In workerd, as a Worker: `workerd test` calls this.
import { check } from './program.mjs'

// oxlint-disable-next-line import/no-default-export -- a Worker is a default export
export default {
  async test() {
    const { checks, wrong } = await check()
    if (wrong.length > 0) throw new Error(wrong.join('\n'))
    console.log(`${checks} checks passed`)
  },
}
