import {
	assertGoodName,
	assertNotReserved,
	findConsortium,
} from '../config/consortiums.js';
import {UserError} from '../core/user-error.js';
import {command} from './command.js';
import {withConsortium} from './config-changes.js';
import {loadConfig} from './load-config.js';
import {storeUnder} from './store-consortium.js';
import {twoNames} from './words.js';

const usage = 'rename NAME NEW';

export const rename = command({
	usage: [usage],
	summary:
		'Give a saved consortium a new name. The default stays the default; what was logged keeps the old name.',
	flags: {
		force: {
			type: 'boolean',
			meaning: 'Overwrite a consortium of the new name without asking.',
		},
	},
	examples: ['rename trio careful', 'rename trio careful --force'],
	async run({input, flags, place}) {
		const [name, newName] = twoNames(input, usage);
		assertNotReserved(name, `Make a copy: consortium-tui clone ${name} NAME`);
		assertGoodName(newName);
		const config = await loadConfig(place);
		findConsortium(config, name);

		if (name === newName) {
			throw new UserError(`"${name}" is its name already.`);
		}

		const isStored = await storeUnder(
			place,
			{name: newName, config, isForced: flags.force},
			current =>
				withConsortium(
					current,
					{...findConsortium(current, name), name: newName},
					name,
				),
		);

		if (isStored) {
			place.stdout.write(`Renamed ${name} to ${newName}\n`);
		}

		return 0;
	},
});
