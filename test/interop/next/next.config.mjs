// The directory above is none of this application's.
export default { outputFileTracingRoot: import.meta.dirname, turbopack: { root: import.meta.dirname } }
