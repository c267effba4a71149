import {assertNotReserved, findConsortium} from '../config/consortiums.js';
import {command} from './command.js';
import {withoutConsortium} from './config-changes.js';
import {confirm} from './confirm.js';
import {loadConfig, storeConfig} from './load-config.js';
import {oneWord} from './words.js';

export const remove = command({
	usage: ['remove NAME'],
	summary: 'Remove a saved consortium. What was logged of it stays in the log.',
	flags: {force: {type: 'boolean', meaning: 'Remove it without asking.'}},
	examples: ['remove trio', 'remove trio --force'],
	async run({input, flags, place}) {
		const name = oneWord(input, 'The name', 'remove NAME');
		assertNotReserved(name);
		findConsortium(await loadConfig(place), name);

		const isWanted =
			flags.force || (await confirm(place, `Remove the consortium "${name}"?`));

		if (!isWanted) {
			place.stderr.write('Nothing was changed.\n');
			return 0;
		}

		await storeConfig(place, current => withoutConsortium(current, name));
		place.stdout.write(`Removed ${name}\n`);
		return 0;
	},
});
