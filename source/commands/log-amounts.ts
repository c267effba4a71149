import {type LogStatus} from '../store/log-status.js';

/**
How much is in the log, in words.
*/
export function amountsText({
	runs,
	importedRuns,
	conversations,
	responses,
}: LogStatus): string {
	return [
		counted(runs, 'run'),
		...(importedRuns === 0 ? [] : [`${importedRuns} imported`]),
		counted(conversations, 'conversation'),
		counted(responses, 'answer'),
	].join(', ');
}

/**
How much of it can be brought back.
*/
export function deletedText({
	deletedResponses,
}: Pick<LogStatus, 'deletedResponses'>): string {
	return counted(deletedResponses, 'deleted answer');
}

function counted(amount: number, name: string): string {
	return `${amount} ${name}${amount === 1 ? '' : 's'}`;
}
