import {assertGoodName, findConsortium} from '../config/consortiums.js';
import {command} from './command.js';
import {changeFlags, consortiumFrom} from './consortium-flags.js';
import {describe} from './describe.js';
import {loadConfig} from './load-config.js';
import {storeUnder, withConsortium} from './store-consortium.js';
import {savingWarnings, tellWarnings} from './warnings.js';
import {twoNames} from './words.js';

const usage = 'clone NAME NEW [-m SPEC …] [flags]';

export const clone = command({
	usage: [usage],
	summary:
		'Save a copy of a consortium under a new name, with what the flags change in it.',
	flags: {
		...changeFlags,
		force: {
			type: 'boolean',
			meaning: 'Overwrite a consortium of the new name without asking.',
		},
	},
	examples: [
		'clone demo mine',
		'clone trio careful --confidence-threshold 95% --max-iterations 5',
	],
	async run({input, flags, place}) {
		const [source, name] = twoNames(input, usage);
		assertGoodName(name);
		const config = await loadConfig(place);
		const consortium = await consortiumFrom(
			flags,
			findConsortium(config, source),
			{name, config},
		);
		const isStored = await storeUnder(
			place,
			{name, config, isForced: flags.force},
			current => withConsortium(current, consortium),
		);

		if (isStored) {
			place.stdout.write(`Saved ${name}\n${describe(consortium)}`);
			tellWarnings(await savingWarnings(consortium, config, place), place);
		}

		return 0;
	},
});
