import path from 'node:path';
import {inspectConfig, type Config} from '../config/config.js';
import {consortiumsOf} from '../config/consortiums.js';
import {foldersOf} from '../config/folders.js';
import {nestableIn} from '../core/nesting.js';
import {findRoles} from '../prompts.js';
import {knownModels} from '../providers/catalog.js';
import {presets, vendors} from '../providers/presets.js';
import {command, type Command, type Place} from './command.js';
import {askedKinds, grammarOf, type Asked} from './completion/grammar.js';
import {loading, scriptFor, shells} from './completion/scripts.js';
import {savedConsortiums} from './known-consortiums.js';
import {choiceOf} from './flag-values.js';
import {oneWord} from './words.js';

const usage = `completion ${shells.join('|')}`;

/**
The command that prints the completion of all of them, itself included.
*/
export function completionOf(
	commands: Readonly<Record<string, () => Promise<Command>>>,
): Command {
	return command({
		usage: [usage],
		summary: [
			'Print a script that makes a shell complete commands, flags, consortiums and models.',
			...shells.map(shell => `  ${loading[shell]}`),
		].join('\n'),
		flags: {},
		examples: ['completion bash', 'completion fish | source'],
		async run({input, place}) {
			// The scripts ask for these, at every press of a key: no words are better than an error there.
			if (input[0] === 'words') {
				place.stdout.write(await offered(input[1], place));
				return 0;
			}

			const shell = choiceOf(
				oneWord(input, 'The shell', usage),
				'completion',
				shells,
			);
			const grammars = await Promise.all(
				Object.entries(commands).map(async ([name, load]) =>
					grammarOf(name, await load()),
				),
			);
			place.stdout.write(scriptFor(shell, grammars));
			return 0;
		},
	});
}

async function offered(
	kind: string | undefined,
	{environment}: Place,
): Promise<string> {
	const known = askedKinds.find(each => each === kind);

	if (known === undefined) {
		return '';
	}

	const folder = foldersOf(environment).config;
	const {config} = await inspectConfig(folder);
	const words = new Set(wordsOf[known](config, folder));

	return words
		.values()
		.filter(word => isTypeable(word))
		.map(word => `${word}\n`)
		.toArray()
		.join('');
}

/**
Whether a shell takes a word for nothing else: a configuration edited by hand may hold any text as a name.
*/
function isTypeable(word: string): boolean {
	return /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._/:@+-]{0,199}$/u.test(word);
}

const wordsOf: Readonly<
	Record<Asked, (config: Config, folder: string) => readonly string[]>
> = {
	consortiums: config => consortiumsOf(config).map(({name}) => name),
	endpoints: ({endpoints}) => Object.keys(endpoints),
	providers: ({endpoints}) => [
		...[...vendors, ...presets].map(({name}) => name),
		...Object.keys(endpoints),
	],
	models: config => [
		...knownModels.flatMap(({provider, model}) => [
			model,
			`${provider}/${model}`,
		]),
		...consortiumsOf(config).flatMap(({members, arbiters}) =>
			[...members, ...arbiters].map(({model}) => model),
		),
		...nestableIn('', savedConsortiums(config)),
	],
	roles: (_config, folder) =>
		findRoles(path.join(folder, 'prompts')).keys().toArray(),
};
