import { curl } from './curl'
import { javascript } from './javascript'
import { php } from './php'
import { python } from './python'
import { ruby } from './ruby'

/** The languages in which `explain` shows the correct lines. */
export type Language = 'javascript' | 'python' | 'php' | 'ruby' | 'curl'

/** How one language writes each step of signing: what JavaScript has, the others have. */
export type Grammar = typeof javascript

export const GRAMMARS: Readonly<Record<Language, Grammar>> = { javascript, python, php, ruby, curl }
