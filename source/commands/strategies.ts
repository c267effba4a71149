import {strategies as known} from '../core/strategies/known.js';
import {wrapped} from '../text/columns.js';
import {command} from './command.js';
import {json, widthOf} from './table.js';
import {noWords} from './words.js';

export const strategies = command({
	usage: ['strategies [--json]'],
	summary: 'List the ways to run a consortium, with their parameters.',
	flags: {json: {type: 'boolean', meaning: 'Print JSON.'}},
	examples: ['strategies', 'strategies --json'],
	async run({input, flags, place}) {
		noWords(input, 'strategies [--json]');

		if (flags.json) {
			place.stdout.write(
				json(
					known.map(({name, meaning, parameters}) => ({
						name,
						meaning,
						parameters,
					})),
				),
			);
			return 0;
		}

		const width = Math.max(20, widthOf(place) - 2);
		const text = known.map(({name, meaning, parameters}) => {
			const lines = [
				meaning,
				...(parameters.length === 0 ? ['It has no parameters.'] : []),
				...parameters.map(
					parameter =>
						`${parameter.name} (${JSON.stringify(parameter.default)}): ${parameter.meaning}`,
				),
			].flatMap(line => wrapped(line, width));

			return `${[name, ...lines].join('\n  ')}\n`;
		});
		place.stdout.write(text.join(''));
		return 0;
	},
});
