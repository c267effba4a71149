import {
	assertNotReserved,
	consortiumsOf,
	findConsortium,
} from '../config/consortiums.js';
import {namesIn} from '../core/nesting.js';
import {command} from './command.js';
import {withoutConsortium} from './config-changes.js';
import {confirm} from './confirm.js';
import {loadConfig, storeConfig} from './load-config.js';
import {tellWarnings} from './warnings.js';
import {oneWord} from './words.js';

export const remove = command({
	usage: ['remove NAME'],
	summary:
		'Remove a saved consortium, after telling which others use it. What was logged of it stays in the log.',
	flags: {force: {type: 'boolean', meaning: 'Remove it without asking.'}},
	examples: ['remove trio', 'remove trio --force'],
	async run({input, flags, place}) {
		const name = oneWord(input, 'The name', 'remove NAME');
		assertNotReserved(name);
		const config = await loadConfig(place);
		findConsortium(config, name);
		const users = consortiumsOf(config).filter(
			each => each.name !== name && namesIn(each).includes(name),
		);
		tellWarnings(
			users.map(
				each =>
					`${each.name} uses it: without it, ${name} is a model to ${each.name}.`,
			),
			place,
		);

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
