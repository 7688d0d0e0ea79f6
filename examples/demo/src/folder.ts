import { join } from 'node:path'

/** The folder of the demo, from the sources and from the bundle alike. */
export const FOLDER: string = join(__dirname, '..')
