import assert from 'node:assert/strict';
import {chmodSync, copyFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {
	decide,
	openDoubts,
	type KeptDoubt,
} from '../../source/store/backfill/doubts.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

type Places = ReadonlyMap<string, string>;

/**
The log of the plug-in and that of llm, in which the same runs are.
*/
function bothFiles(): readonly string[] {
	const folder = emptyFolder();

	return ['consortium-0.31.db', 'logs-0.31.db'].map(name => {
		const path = join(folder, name);
		copyFileSync(
			fileURLToPath(new URL(`../fixtures/llm/${name}`, import.meta.url)),
			path,
		);
		chmodSync(path, 0o600);
		return path;
	});
}

function placesIn(...paths: readonly string[]): Places {
	return new Map(
		paths.flatMap(path => {
			const database = new Database(path, {readonly: true});
			const rows = database
				.prepare<[], [string, string]>(
					`SELECT id, consortium_id || ' ' || is_arbiter_response
					FROM responses WHERE consortium_id IS NOT NULL`,
				)
				.raw()
				.all();
			database.close();
			return rows;
		}),
	);
}

const backfill = async (home: string, ...words: readonly string[]) =>
	runProgram(['logs', 'backfill', ...words], {home});

async function imported(): Promise<{home: string; places: Places}> {
	const home = emptyFolder();
	const {code, stderr} = await backfill(home, ...bothFiles());
	assert.equal(code, 0, stderr);
	return {home, places: placesIn(join(home, 'log.db'))};
}

test('a run of which each of two files has a half gets the same id in both, that of an import', async () => {
	const {places} = await imported();
	const [plugin = '', llm = ''] = bothFiles();
	const {code, stdout, stderr} = await backfill(
		emptyFolder(),
		'--write',
		'--force',
		plugin,
		llm,
	);
	assert.equal(code, 0, stderr);
	assert.match(
		stdout,
		/^\d+ runs get the ids of their final answers, which are in another file\.$/m,
	);
	assert.doesNotMatch(stdout, /is not in this file|not there/);
	const written = placesIn(plugin, llm);
	assert.ok(written.size > 40);

	for (const [id, place] of written) {
		assert.equal(place, places.get(id), id);
	}

	const finals = placesIn(plugin)
		.values()
		.filter(place => place.endsWith(' 1'))
		.toArray();
	assert.equal(new Set(finals).size, finals.length);
});

test('one file alone says that answers are not in it, or takes their ids from our log', async () => {
	const [alone = ''] = bothFiles();
	const {stdout} = await backfill(emptyFolder(), '--write', '--force', alone);
	assert.match(stdout, /^The final answer of \d+ runs is not in this file\.$/m);

	const {home, places} = await imported();
	const [plugin = ''] = bothFiles();
	const known = await backfill(home, '--write', '--force', plugin);
	assert.match(known.stdout, /runs get the ids of their final answers/);

	for (const [id, place] of placesIn(plugin)) {
		assert.equal(place, places.get(id), id);
	}
});

test('what is uncertain is named with its question and the reason, until our log knows', async () => {
	const [, llm = ''] = bothFiles();
	const {stdout} = await backfill(emptyFolder(), '--write', '--force', llm);
	const [, id = '', question = ''] =
		/^1 finding is uncertain and not written:\n(\S+) "(.+)": Not certain that this/m.exec(
			stdout,
		) ?? [];
	assert.equal(placesIn(llm).has(id), false);
	const database = new Database(llm, {readonly: true});
	assert.ok(
		database
			.prepare<[string], string>('SELECT prompt FROM responses WHERE id = ?')
			.pluck()
			.get(id)!
			.startsWith(question.slice(0, 10)),
	);
	database.close();

	for (const settle of [
		(log: Log, doubt: KeptDoubt) => {
			decide(log, doubt.id, {choice: null}, Date.now());
		},
		(log: Log, {proposals}: KeptDoubt) => {
			log
				.prepare(
					`INSERT INTO consortium_found_responses
					VALUES ('call', ?, 'member', 0, 1, NULL, 100, '[]', 'record', 1)`,
				)
				.run(proposals[0]!.runId);
		},
	]) {
		const {home} = await imported();
		const [, again = ''] = bothFiles();
		const before = await backfill(home, '--write', again);
		assert.match(before.stdout, /^1 finding is uncertain/m);
		const log = openLog(join(home, 'log.db'));
		settle(log, openDoubts(log, {limit: 1})[0]!);
		log.close();
		const after = await backfill(home, '--write', '--force', again);
		assert.doesNotMatch(after.stdout, /uncertain|\/review/);
		assert.equal(placesIn(again).has(id), false);
	}
});
