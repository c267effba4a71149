import {assertGoodName, findConsortium} from '../config/consortiums.js';
import {command} from './command.js';
import {withOwnModel} from './config-changes.js';
import {changeFlags, consortiumFrom} from './consortium-flags.js';
import {loadConfig} from './load-config.js';
import {storeNew} from './store-consortium.js';
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
			withOwnModel(findConsortium(config, source)),
			{name, config},
		);
		await storeNew(consortium, {place, config, isForced: flags.force});
		return 0;
	},
});
