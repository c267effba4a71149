import {isDeepStrictEqual} from 'node:util';
import {type Config} from '../config/config.js';
import {assertNotReserved, findConsortium} from '../config/consortiums.js';
import {type SavedConsortium} from '../core/consortium.js';
import {UserError} from '../core/user-error.js';
import {command, type Place} from './command.js';
import {
	changeFlags,
	consortiumOf,
	hasChanges,
	withSystemText,
	type ChangeFlags,
} from './consortium-flags.js';
import {withConsortium} from './config-changes.js';
import {consortiumIn, jsonIn} from './consortium-file.js';
import {describeChanges} from './describe.js';
import {editText} from './editor.js';
import {loadConfig, storeConfig} from './load-config.js';
import {json} from './table.js';
import {savingWarnings, tellWarnings} from './warnings.js';
import {oneWord} from './words.js';

const usage = 'edit NAME [-m SPEC …] [flags]';

export const edit = command({
	usage: [usage],
	summary:
		'Change what the flags name of a saved consortium, and leave the rest; -m replaces all members. Without flags, its JSON is opened in $VISUAL or $EDITOR.',
	flags: changeFlags,
	examples: [
		'edit trio --confidence-threshold 95% --max-iterations 5',
		'edit trio -m gpt-6-luna:2 -m ollama/llama3.2',
		'edit trio',
		"EDITOR='code --wait' consortium-tui edit trio",
	],
	async run({input, flags, place}) {
		const name = oneWord(input, 'The name', usage);
		assertNotReserved(
			name,
			`Make a copy and edit that: consortium-tui clone ${name} NAME`,
		);

		return hasChanges(flags)
			? editByFlags(name, flags, place)
			: editByHand(name, place);
	},
});

async function editByFlags(
	name: string,
	flags: ChangeFlags,
	place: Place,
): Promise<number> {
	const given = await withSystemText(flags);
	await change(name, place, (before, config) =>
		consortiumOf(given, before, {name, config}),
	);
	return 0;
}

async function editByHand(name: string, place: Place): Promise<number> {
	const {stdin, stdout, stderr} = place;

	if (!stdin.isTTY || !stdout.isTTY || !stderr.isTTY) {
		throw new UserError(
			'Without a terminal to edit on, flags say what to change.',
			`For example: consortium-tui edit ${name} --confidence-threshold 95%   All: consortium-tui edit --help`,
		);
	}

	const opened = findConsortium(await loadConfig(place), name);
	const {v, name: _, ...shown} = opened;

	return editText(place, json(shown), async text => {
		const edited = consortiumIn(jsonIn(text), name);

		await change(name, place, before => {
			if (!isDeepStrictEqual(before, opened)) {
				throw new UserError(
					`"${name}" was changed by someone else while it was edited.`,
				);
			}

			return edited;
		});
	});
}

/**
Replace the consortium by what `make` makes of what it is at this moment, and tell the difference.
*/
async function change(
	name: string,
	place: Place,
	make: (before: SavedConsortium, config: Config) => SavedConsortium,
): Promise<void> {
	const changes: Array<{told: string; after: SavedConsortium; config: Config}> =
		[];

	await storeConfig(place, config => {
		const before = findConsortium(config, name);
		const after = make(before, config);
		changes.push({told: describeChanges(before, after), after, config});
		return withConsortium(config, after);
	});

	const {told, after, config} = changes[0]!;
	place.stdout.write(
		told === '' ? `${name} is like that already.\n` : `Saved ${name}\n${told}`,
	);
	tellWarnings(await savingWarnings(after, config, place), place);
}
