import {type Flags} from './command.js';

/**
Flags that every command has.
*/
export const commonFlags = {
	help: {type: 'boolean', short: 'h', meaning: 'Show this help.'},
	version: {type: 'boolean', short: 'V', meaning: 'Print the version.'},
	debug: {
		type: 'boolean',
		meaning: 'Show the stack of an error, and more of what happens.',
	},
} as const satisfies Flags;

/**
A flag as it is typed: `maxIterations` is `--max-iterations`.
*/
export function flagName(name: string): string {
	return `--${name.replaceAll(/[A-Z]/gv, letter => `-${letter.toLowerCase()}`)}`;
}
