import { raceFlaws, runTrack, TRACKS } from '@countersign/replay-proof'
import { itWith } from './servers-here'

/** The thousand links are for the command. */
const SIZE = { racers: 64, links: 50 }

describe('64 racers for each link', () => {
  for (const track of TRACKS) {
    const { id, store, apps, winners } = track
    itWith(store)(`have ${winners} winners at ${apps} apps with ${store} (${id})`, async () => {
      const result = await runTrack(track, SIZE)
      expect(raceFlaws(track, SIZE.links, result)).toEqual([])
      expect(result.winners).toEqual({ [winners]: SIZE.links })
    })
  }
})
