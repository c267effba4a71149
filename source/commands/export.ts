import {type Config} from '../config/config.js';
import {consortiumsOf, findConsortium} from '../config/consortiums.js';
import {demo} from '../config/demo.js';
import {nestedIn} from '../core/nesting.js';
import {UserError} from '../core/user-error.js';
import {providerOf} from '../providers/resolve.js';
import {command} from './command.js';
import {type ConsortiumFile} from './consortium-file.js';
import {keyRing} from './key-ring.js';
import {savedConsortiums} from './known-consortiums.js';
import {loadConfig} from './load-config.js';
import {json} from './table.js';
import {noWords} from './words.js';
import {keyRemover} from './without-keys.js';
import {writeAsked} from './write-asked.js';

const usage = 'export NAME… [-o FILE]';

export const exportCommand = command({
	usage: [usage, 'export --all [-o FILE]'],
	summary:
		'Print saved consortiums as JSON for `import`, with the consortiums inside of them and the addresses of the endpoints they use. Keys, prices and settings are never in it.',
	flags: {
		all: {type: 'boolean', meaning: 'Export every saved consortium.'},
		output: {
			type: 'string',
			short: 'o',
			value: 'FILE',
			meaning: 'Write it to a file.',
		},
		force: {
			type: 'boolean',
			meaning: 'Overwrite a file that exists without asking.',
		},
	},
	examples: [
		'export trio',
		'export trio careful -o team.json',
		'export --all -o backup.json --force',
	],
	async run({input, flags, place}) {
		const config = await loadConfig(place);
		const names = flags.all ? allNames(input, config) : input;
		const file = consortiumFileOf(names, config);
		const redact = keyRemover(place.environment, await keyRing(place, config));
		const text = redact(json(file));

		if (flags.output === undefined || flags.output === '-') {
			place.stdout.write(text);
			return 0;
		}

		if (!(await writeAsked(place, flags.output, text, flags.force))) {
			return 0;
		}

		place.stdout.write(
			`Wrote ${Object.keys(file.consortiums).join(', ')} to ${flags.output}\n`,
		);
		return 0;
	},
});

function allNames(input: readonly string[], config: Config): readonly string[] {
	noWords(input, usage);
	const names = consortiumsOf(config)
		.map(({name}) => name)
		.filter(name => name !== demo.name);

	if (names.length === 0) {
		throw new UserError(
			'No consortium is saved.',
			'Save one: consortium-tui save trio -m gpt-6-luna:3',
		);
	}

	return names;
}

/**
@throws UserError without names, for one nobody saved, and for the built-in one.
*/
function consortiumFileOf(
	names: readonly string[],
	config: Config,
): ConsortiumFile {
	if (names.length === 0) {
		throw new UserError(
			'The name is missing.',
			`Usage: consortium-tui ${usage}   All of them: consortium-tui export --all`,
		);
	}

	if (names.includes(demo.name)) {
		throw new UserError(
			`The consortium "${demo.name}" is built in: whoever imports it has it.`,
			`A copy can be exported: consortium-tui clone ${demo.name} NAME`,
		);
	}

	const named = names.map(name => findConsortium(config, name));
	const saved = savedConsortiums(config);
	const all = new Map(
		named.flatMap(each => [
			[each.name, each] as const,
			...nestedIn(each, saved),
		]),
	);
	all.delete(demo.name);
	const consortiums = all.values().toArray();
	const providers = new Set(
		consortiums.flatMap(({members, arbiters}) =>
			[...members, ...arbiters].map(({model}) => providerOf(model)),
		),
	);

	return {
		v: 1,
		consortiums: Object.fromEntries(
			consortiums.map(consortium => [consortium.name, consortium]),
		),
		endpoints: Object.fromEntries(
			Object.entries(config.endpoints).filter(([name]) => providers.has(name)),
		),
	};
}
