import {consortiumsOf} from '../config/consortiums.js';
import {command} from './command.js';
import {arbitersText, mannerText, membersText, percent} from './describe.js';
import {loadConfig} from './load-config.js';
import {json, table, widthOf} from './table.js';
import {noWords} from './words.js';

export const list = command({
	usage: ['list [--json]'],
	summary: 'List the saved consortiums; the default one has a star.',
	flags: {json: {type: 'boolean', meaning: 'Print JSON.'}},
	examples: ['list', 'list --json'],
	async run({input, flags, place}) {
		noWords(input, 'list [--json]');
		const config = await loadConfig(place);
		const consortiums = consortiumsOf(config);

		place.stdout.write(
			flags.json
				? json({v: 1, default: config.default, consortiums})
				: table(
						['name', 'threshold', 'members', 'arbiter', 'how'],
						consortiums.map(consortium => [
							consortium.name +
								(consortium.name === config.default ? ' *' : ''),
							percent(consortium.confidenceThreshold),
							membersText(consortium),
							arbitersText(consortium),
							mannerText(consortium),
						]),
						widthOf(place),
					),
		);
		return 0;
	},
});
