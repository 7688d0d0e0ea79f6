// `wrangler types` writes this file for a Worker of your own
declare module 'cloudflare:workers' {
  export const env: { readonly FEATKIT_SECRET: string; readonly SESSION_SECRET: string }
}
