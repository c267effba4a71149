import {assertGoodName, findConsortium} from '../config/consortiums.js';
import {UserError} from '../core/user-error.js';
import {command} from './command.js';
import {consortiumFlags, consortiumFrom} from './consortium-flags.js';
import {loadConfig} from './load-config.js';
import {storeNew} from './store-consortium.js';
import {oneWord} from './words.js';

const usage = 'save NAME -m SPEC [-m SPEC …] [flags]';

export const save = command({
	usage: [usage],
	summary: 'Save a consortium under a name.',
	flags: {
		...consortiumFlags,
		force: {
			type: 'boolean',
			meaning: 'Overwrite a consortium of that name without asking.',
		},
	},
	examples: [
		'save trio -m gpt-6-luna:3 --arbiter gpt-6.1-sol',
		'save local -m ollama/llama3.2 -m ollama/qwen3 --arbiter ollama/qwen3 --max-iterations 2',
		'save careful -C trio --confidence-threshold 95%',
	],
	async run({input, flags, place}) {
		const name = oneWord(input, 'The name', usage);
		assertGoodName(name);

		if (flags.model.length === 0 && flags.consortium === undefined) {
			throw new UserError(
				'A consortium needs members.',
				`Name them with -m, or start from a saved one with -C: consortium-tui save ${name} -m gpt-6-luna:3`,
			);
		}

		const config = await loadConfig(place);
		const base =
			flags.consortium === undefined
				? null
				: findConsortium(config, flags.consortium);
		const consortium = await consortiumFrom(flags, base, {name, config});
		await storeNew(consortium, {place, config, isForced: flags.force});
		return 0;
	},
});
