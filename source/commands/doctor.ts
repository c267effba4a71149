import {inspectConfig, type Config} from '../config/config.js';
import {foldersOf} from '../config/folders.js';
import {UserError} from '../core/user-error.js';
import {command, type Place} from './command.js';
import {areas, findingsOf, type Finding} from './doctor/finding.js';
import {configuration, files, log} from './doctor/files.js';
import {servers} from './doctor/servers.js';
import {terminal, versions} from './doctor/surroundings.js';
import {json, paragraph} from './table.js';
import {keyRing} from './key-ring.js';
import {keyRemover} from './without-keys.js';
import {noWords} from './words.js';

const usage = 'doctor [--json]';

export const doctor = command({
	usage: [usage],
	summary:
		'Look for what could be in the way: versions, terminal, files, configuration, log, keys, servers. Nothing is made or changed, and no prompt is sent: servers are asked for their lists of models. The exit code is 0 whatever is found.',
	flags: {json: {type: 'boolean', meaning: 'Print JSON.'}},
	examples: ['doctor', 'doctor --json'],
	async run({input, flags, place}) {
		noWords(input, usage);
		const {environment, stdout} = place;
		const read = await inspectConfig(foldersOf(environment).config);
		const findings = [
			...(await versions(place)),
			...terminal(place),
			...files(place),
			...configuration(read),
			...(await log(place)),
			...(await serversOrTrouble(read.config, place)),
		];
		const redact = keyRemover(environment, await keyRing(place, read.config));
		const clean = findings.map(finding => ({
			...finding,
			says: redact(finding.says),
		}));

		stdout.write(
			flags.json
				? json({
						v: 1,
						problems: clean.filter(({remedy}) => remedy !== null).length,
						findings: clean,
					})
				: report(clean, stdout),
		);
		return 0;
	},
});

/**
Keys that cannot be read are a finding, too.
*/
async function serversOrTrouble(
	config: Config,
	place: Place,
): Promise<Finding[]> {
	try {
		return await servers(config, place);
	} catch (error) {
		if (error instanceof UserError) {
			return findingsOf('keys', [['keys', error.message, error.hint]]);
		}

		throw error;
	}
}

function report(findings: readonly Finding[], stdout: Place['stdout']): string {
	const width = Math.max(...findings.map(({name}) => name.length));
	const sections = areas.flatMap(area => {
		const found = findings.filter(finding => finding.area === area);

		return found.length === 0
			? []
			: [
					`${area[0]!.toUpperCase()}${area.slice(1)}`,
					...found.map(
						({name, says, remedy}) =>
							`  ${remedy === null ? ' ' : '✗'} ${name.padEnd(width)}  ${says}`,
					),
					'',
				];
	});
	const problems = findings.filter(({remedy}) => remedy !== null);
	const summary =
		problems.length === 0
			? ['No problems were found.']
			: [
					problems.length === 1 ? '1 problem' : `${problems.length} problems`,
					...problems.flatMap(({name, says, remedy}) => [
						`  ✗ ${name}: ${says}`,
						`    ${remedy!}`,
					]),
				];

	return [...sections, ...summary]
		.map(line => paragraph(line.replaceAll(/[\r\n]/g, ' '), stdout))
		.join('');
}
