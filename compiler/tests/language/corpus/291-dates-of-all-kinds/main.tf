output "a" { value = formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z") }
output "b" { value = formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01-08:00") }
output "c" { value = formatdate("EEE, DD MMM YYYY hh:mm:ss ZZZZ", "2018-01-02T23:12:01+05:30") }
output "d" { value = formatdate("h'h'mm AA aa H HH hh m s D M YY Z ZZZZZ", "2020-02-29T00:05:09Z") }
output "e" { value = [timeadd("2020-02-28T23:00:00Z", "25h"), timeadd("2017-11-22T00:00:00Z", "-10m30s"), timeadd("2020-01-01T00:00:00+02:00", "1.5h"), timeadd("2020-01-01T00:00:00Z", "100ms")] }
output "f" { value = [timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00"), timecmp("2020-01-01T00:00:00Z", "2019-01-01T00:00:00Z")] }
output "g" { value = [can(timeadd("2020-01-01", "1h")), can(timeadd("2020-01-01T00:00:00Z", "1d")), can(timeadd("2020-02-30T00:00:00Z", "1h")), can(timeadd("2020-01-01T00:00:00z", "1h")), can(timeadd("2020-01-01t00:00:00Z", "0")), can(timeadd("2020-01-01T24:00:00Z", "1h"))] }
output "h" { value = [can(formatdate("YYY", "2020-01-01T00:00:00Z")), can(formatdate("'open", "2020-01-01T00:00:00Z")), formatdate("'it''s' YYYY", "2020-01-01T00:00:00Z"), formatdate("", "2020-01-01T00:00:00Z"), can(formatdate("B", "2020-01-01T00:00:00Z"))] }
output "i" { value = timeadd("0001-01-01T00:00:00Z", "-1h") == "x" }
output "j" { value = timeadd("2020-01-01T00:00:00.123456789Z", "1ns") }
output "k" { value = timeadd("2020-01-01T00:00:00Z", "1h30m5.5s") }
output "l" { value = [for d in ["1us", "1µs", "1μs", "-1h", "+1h", ".5h", "1h.5m"] : timeadd("2020-01-01T00:00:00Z", d)] }
output "m" { value = formatdate("YYYY-MM-DD", timeadd("2020-12-31T23:59:59Z", "1s")) }
