import { runHeat, type FromRacer, type Heat } from './races'
import { newVisitor } from './visitor'

// Racers with a process of their own: `fork`ed, told one link after another.

const visitor = newVisitor()

process.on('disconnect', () => process.exit())
process.on('message', (heat: Heat) => {
  void runHeat(heat, visitor).then((codes) => {
    const message: FromRacer = { codes }
    process.send?.(message)
  })
})
