import {findConsortium} from '../config/consortiums.js';
import {command} from './command.js';
import {describe} from './describe.js';
import {loadConfig} from './load-config.js';
import {json} from './table.js';
import {oneWord} from './words.js';

export const show = command({
	usage: ['show NAME [--json]'],
	summary: 'Show all of a consortium.',
	flags: {json: {type: 'boolean', meaning: 'Print JSON.'}},
	examples: ['show demo', 'show trio --json'],
	async run({input, flags, place}) {
		const name = oneWord(input, 'The name', 'show NAME [--json]');
		const config = await loadConfig(place);
		const consortium = findConsortium(config, name);

		place.stdout.write(
			flags.json
				? json(consortium)
				: `${name}${config.default === name ? ' (the default)' : ''}\n${describe(consortium)}`,
		);
		return 0;
	},
});
