output "o00" {
  value = formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")
}
output "o01" {
  value = formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")
}
output "o02" {
  value = formatdate("EEE, DD MMM YYYY hh:mm:ss ZZZ", "2018-01-02T23:12:01-08:00")
}
output "o03" {
  value = formatdate("MMM DD, YYYY", "2018-01-02T23:12:01Z")
}
output "o04" {
  value = formatdate("HH:mmaa", "2018-01-02T23:12:01Z")
}
output "o05" {
  value = formatdate("h'h'm'm' AA Z ZZZZ ZZZZZ", "2018-01-02T03:02:01+05:30")
}
output "o06" {
  value = formatdate("M/D/YY H 'it''s'", "2018-11-12T00:12:01Z")
}
output "o07" {
  value = timeadd("2017-11-22T00:00:00Z", "10m")
}
output "o08" {
  value = timeadd("2017-11-22T00:00:00Z", "-1h30m")
}
output "o09" {
  value = timeadd("2017-11-22T00:00:00.5Z", "1.5s")
}
output "o10" {
  value = timeadd("2017-11-22T00:00:00+02:00", "24h")
}
output "o11" {
  value = timecmp("2017-11-22T00:00:00Z", "2017-11-22T00:00:00Z")
}
output "o12" {
  value = timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z")
}
output "o13" {
  value = timecmp("2017-11-22T01:00:00+01:00", "2017-11-22T00:00:00Z")
}
output "o14" {
  value = timecmp("2017-11-23T00:00:00Z", "2017-11-22T00:00:00Z")
}
output "o15" {
  value = timeadd("2024-02-28T23:00:00Z", "2h")
}
