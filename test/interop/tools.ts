import type { Tools } from './workshop.ts'

export const PYTHON: Tools = { needs: ['python3'], manifest: 'requirements.txt', keeps: '.venv' }
