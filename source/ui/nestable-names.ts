import {nestableIn} from '../core/nesting.js';
import {type Choice} from './services.js';

/**
The consortiums that a consortium of this name can have inside of it. Those that were never saved can only be asked themselves.
*/
export function nestableNames(
	name: string,
	choices: readonly Choice[],
): string[] {
	const saved = choices.filter(
		({kind}) => kind === 'saved' || kind === 'built-in',
	);

	return nestableIn(
		name,
		new Map(
			saved.map(({consortium}) => [consortium.name, consortium] as const),
		),
	);
}
