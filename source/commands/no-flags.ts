import {type Flags, type FlagValues} from './command.js';

/**
The values of flags of which none was given.
*/
export function noFlags<Known extends Flags>(known: Known): FlagValues<Known> {
	const values = Object.entries(known).map(([name, {type, isMultiple}]) => [
		name,
		isMultiple ? [] : type === 'boolean' ? false : undefined,
	]);
	return Object.fromEntries(values) as FlagValues<Known>;
}
