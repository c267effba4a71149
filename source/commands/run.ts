import path from 'node:path';
import {type Config} from '../config/config.js';
import {foldersOf} from '../config/folders.js';
import {type Model} from '../core/model.js';
import {wholeOf} from '../core/nesting.js';
import {unpricedEmbeddings} from '../core/preflight.js';
import {UserError} from '../core/user-error.js';
import {type World} from '../core/world.js';
import {findRoles, readTemplates} from '../prompts.js';
import {castOf} from '../providers/cast.js';
import {createWorld} from '../world.js';
import {command, type Flags, type FlagValues, type Place} from './command.js';
import {flagName} from './common-flags.js';
import {chooseConsortium} from './choose.js';
import {consortiumFlags} from './consortium-flags.js';
import {type ContinuedChat} from './continued.js';
import {conversationFlags, wantedConversation} from './conversation-flags.js';
import {showDryRun} from './dry-run.js';
import {keyRing} from './key-ring.js';
import {loadConfig} from './load-config.js';
import {openObserver} from './open-observer.js';
import {outputFlags} from './output-flags.js';
import {performRun} from './perform-run.js';
import {promptFrom} from './prompt.js';
import {commandsIn, unconfirmed} from './trusted-commands.js';
import {priceWarnings, tellWarnings} from './warnings.js';
import {withLog} from './with-log.js';

const knownFlags = {
	...consortiumFlags,
	...outputFlags,
	...conversationFlags,
} as const satisfies Flags;

export type RunFlags = FlagValues<typeof knownFlags>;

export const run = command({
	usage: ['run [PROMPT]'],
	summary:
		'Put a question to a consortium and print its answer. What is piped in is appended to the prompt.',
	flags: knownFlags,
	examples: [
		'run -C demo "Is a tomato a fruit or a vegetable?"',
		'run -m gpt-6-luna:3 --arbiter gpt-6.1-sol "How many primes are below 100?"',
		'run -m ollama/llama3.2:3 --max-iterations 2 --json "Why is the sky blue?" | jq .confidence',
		'run -c "And without the seeds?"',
		'git diff | consortium-tui run -m gpt-6-luna:3 "Review this change."',
		'run -m claude-opus-5-5:3 --dry-run "What would this cost?"',
	],
	async run({input, flags, place}) {
		assertPossible(flags);
		const wanted = wantedConversation(flags);
		const world = createWorld();
		const folders = foldersOf(place.environment);
		const config = await loadConfig(place);
		const ring = await keyRing(place, config);
		const prompt = await promptFrom(input, !flags.noStdin, place);
		const continued =
			wanted === null ? null : await conversationOf(wanted, {place, world});
		const {consortium, consortiums, models, isOwn, ...chosen} =
			await chooseConsortium(flags, {
				config,
				ring,
				place,
				world,
				continued: continued?.consortium ?? null,
			});
		const warnings = [
			...chosen.warnings,
			...(continued === null
				? []
				: await aboutContinuing(continued, config, flags)),
		];
		const cast = await castOf(consortium, models, consortiums);

		if (continued) {
			assertAlikeReal(continued, cast);
		}

		const templates = readTemplates(path.join(folders.config, 'prompts'));

		if (flags.dryRun) {
			await models.loadPrices();
			const all = wholeOf(consortium, consortiums);
			const observer = openObserver(all, {place, ring, models});

			return showDryRun(consortium, prompt, {
				models: cast,
				roles: findRoles(path.join(folders.config, 'prompts')),
				consortiums,
				templates,
				world,
				flags,
				observer,
				unconfirmed: flags.trustCommands
					? []
					: unconfirmed(commandsIn(all), config),
				warnings: [
					...warnings,
					...(isOwn
						? priceWarnings(cast, await unpricedEmbeddings(all, observer))
						: []),
				],
				place,
				...(continued && {conversation: continued.conversation}),
				caching: {hasMarkers: !flags.noCacheMarkers},
			});
		}

		tellWarnings(flags.quiet ? [] : warnings, place);

		return performRun(
			{
				consortium,
				consortiums,
				prompt,
				cast,
				models,
				templates,
				isOwn,
				...(continued && {conversation: continued.conversation}),
			},
			flags,
			{place, config, ring, world},
		);
	},
});

async function aboutContinuing(
	{consortium, pictures}: ContinuedChat,
	config: Config,
	flags: Pick<RunFlags, 'consortium'>,
): Promise<string[]> {
	const {changedSince} = await import('./continued.js');
	const {runId, result} = pictures.at(-1)!;
	const isBrokenOff =
		!result || result.status === 'cancelled' || result.status === 'limited';

	return [
		flags.consortium === undefined ? changedSince(consortium, config) : null,
		isBrokenOff
			? `The last run of this conversation was broken off, and cannot be resumed once this one has followed it: consortium-tui runs resume ${runId}`
			: null,
	].filter(warning => warning !== null);
}

/**
@throws UserError where simulated words would be told to real models, which are paid to read them.
*/
function assertAlikeReal(
	{pictures}: ContinuedChat,
	cast: ReadonlyMap<string, Model>,
): void {
	if (
		pictures.some(({start}) => start?.simulated) &&
		cast.values().some(({isSimulated}) => !isSimulated)
	) {
		throw new UserError(
			'What was said in this conversation is simulated, and would be told to real models.',
			'Begin a new conversation: leave --continue or --cid out.',
		);
	}
}

/**
@throws UserError when the log does not have it.
*/
async function conversationOf(
	id: string,
	{place, world}: {readonly place: Place; readonly world: World},
): Promise<ContinuedChat> {
	const {continueChat, nothingYet} = await import('./continued.js');
	const found = await withLog(place, async log =>
		continueChat(log, world, {id, afterTurn: null}),
	);

	if (!found) {
		throw nothingYet();
	}

	return found;
}

/**
@throws UserError for outputs that exclude one another.
*/
function assertPossible(flags: RunFlags): void {
	const forms = (['json', 'events', 'raw', 'answers'] as const).filter(
		name => flags[name],
	);
	const ofARun = (['events', 'raw', 'answers', 'output'] as const).find(
		name => flags[name] !== undefined && flags[name] !== false,
	);

	if (flags.dryRun && ofARun !== undefined) {
		throw new UserError(
			`The flags --dry-run and ${flagName(ofARun)} exclude one another.`,
			'Nothing is run; --json prints the forecast as JSON.',
		);
	}

	if (forms.length > 1) {
		throw new UserError(
			`The flags ${forms.map(name => flagName(name)).join(' and ')} exclude one another.`,
			'Choose one form of output; -o FILE writes the full result beside any of them.',
		);
	}
}
