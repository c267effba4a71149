import {type Config} from '../config/config.js';
import {type SavedConsortium} from '../core/consortium.js';
import {UserError} from '../core/user-error.js';
import {type Place} from './command.js';
import {withConsortium} from './config-changes.js';
import {confirm} from './confirm.js';
import {describe} from './describe.js';
import {storeConfig} from './load-config.js';
import {savingWarnings, tellWarnings} from './warnings.js';

/**
Save a consortium under its name, show it and what there is to warn of.

@throws UserError as `storeUnder`.
*/
export async function storeNew(
	consortium: SavedConsortium,
	{
		place,
		config,
		isForced,
	}: {
		readonly place: Place;
		readonly config: Config;
		readonly isForced: boolean;
	},
): Promise<void> {
	const {name} = consortium;
	const isStored = await storeUnder(place, {name, config, isForced}, current =>
		withConsortium(current, consortium),
	);

	if (isStored) {
		place.stdout.write(`Saved ${name}\n${describe(consortium)}`);
		tellWarnings(await savingWarnings(consortium, config, place), place);
	}
}

/**
Make a change that takes a name. A consortium that has it gives way by force or after a yes, but not one that came by it after the question.

@returns false when the answer was no, and nothing was changed.
@throws UserError without a terminal, naming `--force`.
*/
export async function storeUnder(
	place: Place,
	{
		name,
		config,
		isForced,
	}: {
		readonly name: string;
		readonly config: Config;
		readonly isForced: boolean;
	},
	change: (config: Config) => Config,
): Promise<boolean> {
	const isNew = !Object.hasOwn(config.consortiums, name);
	const isWanted =
		isNew ||
		isForced ||
		(await confirm(
			place,
			`A consortium called "${name}" exists. Overwrite it?`,
		));

	if (!isWanted) {
		place.stderr.write('Nothing was changed.\n');
		return false;
	}

	await storeConfig(place, current => {
		if (isNew && !isForced && Object.hasOwn(current.consortiums, name)) {
			throw new UserError(
				`A consortium called "${name}" was saved at the same moment.`,
				'Add --force to overwrite it.',
			);
		}

		return change(current);
	});
	return true;
}
