import { fileURLToPath } from 'node:url'

/** The shop's own codes, for whoever starts a Telltale for it. */
export const SHOP_CATALOGS = fileURLToPath(new URL('./catalogs/', import.meta.url))
