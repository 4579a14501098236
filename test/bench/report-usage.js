/** `fork(program, { execArgv: ['-r', '…/report-usage.js'] })`: answers every message of the parent with what the process has used. */
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const peak = process.resourceUsage().maxRSS * 1024;
  process.send({ cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss(), peakRssBytes: peak });
});
process.channel.unref();
// However the parent ends, nothing of the benchmark stays behind.
process.on('disconnect', () => process.exit());
