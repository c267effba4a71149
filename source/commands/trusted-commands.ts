import {createHash} from 'node:crypto';
import {type Config} from '../config/config.js';
import {type SavedConsortium} from '../core/consortium.js';
import {untilIn} from '../core/until.js';
import {UserError} from '../core/user-error.js';
import {plain} from '../text/plain.js';
import {type Place} from './command.js';
import {confirm} from './confirm.js';
import {storeConfig} from './load-config.js';
import {paragraph} from './table.js';

type Conditional = Pick<SavedConsortium, 'until'>;

/**
The commands that these would run, each once.
*/
export function commandsIn(consortiums: readonly Conditional[]): string[] {
	const conditions = consortiums.flatMap(({until}) =>
		until.map(each => untilIn(each)),
	);

	return [
		...new Set(
			conditions.flatMap(each => (each.kind === 'command' ? each.text : [])),
		),
	];
}

/**
Those of the commands that the person has not confirmed, to the letter.
*/
export function unconfirmed(
	commands: readonly string[],
	{settings}: Pick<Config, 'settings'>,
): string[] {
	const known = settings.trustedCommands ?? [];
	return commands.filter(command => !known.includes(hashOf(command)));
}

const hashOf = (command: string) =>
	createHash('sha256').update(command).digest('hex');

/**
Show the commands that a run would run, and ask once for each that is new; it is remembered by its hash.

@throws UserError without a terminal, and when one is not wanted.
*/
export async function confirmCommands(
	consortiums: readonly Conditional[],
	isTrusted: boolean,
	{place, config}: {readonly place: Place; readonly config: Config},
): Promise<void> {
	const fresh = unconfirmed(commandsIn(consortiums), config);

	for (const command of fresh) {
		const isWanted =
			isTrusted ||
			(await confirm(
				place,
				`This command would be run on this machine, to check answers:\n  ${command}\nIt was not confirmed yet. Run it?`,
				'Add --trust-commands if you trust it.',
			));

		if (!isWanted) {
			throw new UserError(
				'The command was not confirmed, so nothing was asked.',
				"Leave it out with --until none, or give another one: --until 'command:…'",
			);
		}
	}

	if (fresh.length > 0) {
		if (isTrusted) {
			place.stderr.write(paragraph(trustedText(fresh), place.stderr));
		}

		await storeConfig(place, current => withTrusted(current, fresh));
	}
}

/**
What is told of commands that a flag confirms without a question.
*/
export function trustedText(commands: readonly string[]): string {
	return `Confirmed by --trust-commands, from now on: ${commands.map(command => plain(command)).join(' · ')}`;
}

/**
The configuration with commands remembered as confirmed.
*/
export function withTrusted(
	config: Config,
	commands: readonly string[],
): Config {
	return {
		...config,
		settings: {
			...config.settings,
			trustedCommands: [
				...new Set([
					...(config.settings.trustedCommands ?? []),
					...commands.map(command => hashOf(command)),
				]),
			],
		},
	};
}
