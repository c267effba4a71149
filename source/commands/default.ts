import {findConsortium} from '../config/consortiums.js';
import {command} from './command.js';
import {loadConfig, storeConfig} from './load-config.js';
import {noWords, oneWord} from './words.js';

const usage = 'default [NAME | --none]';

export const defaultCommand = command({
	usage: [usage],
	summary:
		'Print or set the consortium that is used when none is named. Without one, models are chosen by the keys you have.',
	flags: {none: {type: 'boolean', meaning: 'Have no default.'}},
	examples: ['default', 'default trio', 'default --none'],
	async run({input, flags, place}) {
		if (flags.none) {
			noWords(input, usage);
			await storeConfig(place, current => ({...current, default: null}));
			place.stdout.write('There is no default now.\n');
			return 0;
		}

		if (input.length === 0) {
			const {default: name} = await loadConfig(place);

			if (name === null) {
				place.stderr.write('There is no default.\n');
			} else {
				place.stdout.write(`${name}\n`);
			}

			return 0;
		}

		const name = oneWord(input, 'The name', usage);
		await storeConfig(place, current => {
			findConsortium(current, name);
			return {...current, default: name};
		});
		place.stdout.write(`The default is ${name} now.\n`);
		return 0;
	},
});
